/** Commands about the connection itself. */
package io.watchword.command.connection;
