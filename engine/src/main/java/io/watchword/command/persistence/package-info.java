/** Commands that save the data set. */
package io.watchword.command.persistence;
