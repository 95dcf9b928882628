/**
 * What reviews would otherwise have to remember: who may import whom, sizes, and the traps that
 * make a run unrepeatable. Also in the test jar, for the other modules.
 */
package io.watchword.tidy;
