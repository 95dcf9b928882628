/**
 * {@code watchword check}: runs the TLA+ models of {@code spec/models.json} with TLC, each in a JVM
 * of its own, and compares what comes out with what is expected.
 */
package io.watchword.spec;
