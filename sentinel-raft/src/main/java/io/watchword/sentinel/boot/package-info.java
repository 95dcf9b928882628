/** The sentinel's entry and its wiring: constructor calls, top to bottom, no framework. */
package io.watchword.sentinel.boot;
