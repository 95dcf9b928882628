/**
 * Who listens to which channel. Pure: it answers who must be told, and the caller tells them.
 *
 * <p>Sharded channels follow the slots of a cluster and come with cluster mode.
 */
package io.watchword.pubsub;
