/** Commands that group others into one unit. */
package io.watchword.command.transaction;
