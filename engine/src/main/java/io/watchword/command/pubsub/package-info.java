/** Commands that send messages to whoever listens. */
package io.watchword.command.pubsub;
