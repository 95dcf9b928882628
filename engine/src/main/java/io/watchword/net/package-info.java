/**
 * The only package that knows Netty: moves bytes between sockets and {@code resp}'s ports. Each
 * read is copied once into a heap array; Netty's counted buffers stop here.
 */
package io.watchword.net;
