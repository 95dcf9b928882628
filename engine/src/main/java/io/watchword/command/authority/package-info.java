/** Orders of a sentinel group to this node. */
package io.watchword.command.authority;
