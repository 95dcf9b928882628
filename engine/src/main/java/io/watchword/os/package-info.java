/** The live ends of {@code sys}: the system's clock, folder and process. */
package io.watchword.os;
