/**
 * The same bytes sent to us and to a stock Redis, replies compared.
 *
 * <p>The reference is whatever {@link io.watchword.compat.StockRedis} finds on the machine; a
 * machine without one fails these tests instead of skipping them.
 */
package io.watchword.compat;
