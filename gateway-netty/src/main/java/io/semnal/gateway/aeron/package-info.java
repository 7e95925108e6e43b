/** The outbound stream over Aeron, and the media driver inside this process. */
package io.semnal.gateway.aeron;
