/** The console's FIX client. */
package io.semnal.server.fix;
