/** A champion beside its challenger, on what both scored live. */
package io.semnal.research.compare;
