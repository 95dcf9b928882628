/** Constructor calls, top to bottom: how a server is put together. */
package io.watchword.boot;
