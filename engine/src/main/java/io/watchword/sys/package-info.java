/**
 * The ground rules: ports through which deciding code meets time, chance, files and its own
 * tracing.
 *
 * <p>Everything here is an interface or a value. The live implementations stand in {@code os} and
 * {@code net}, the simulated ones in the test tree, so that a whole cluster runs from one seed.
 */
package io.watchword.sys;
