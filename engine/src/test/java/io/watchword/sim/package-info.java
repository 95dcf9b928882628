/**
 * A cluster from one seed: virtual time, links that cut, delay and split, toy keyspaces around the
 * real machines. Also in the test-jar, for other modules' simulations.
 */
package io.watchword.sim;
