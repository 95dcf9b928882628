/**
 * RESP2 and RESP3, both directions, and the ports between a connection and whoever answers it. No
 * sockets here: {@code net} moves the bytes.
 */
package io.watchword.resp;
