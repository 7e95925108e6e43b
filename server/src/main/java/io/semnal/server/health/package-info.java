/** Whether a running server does its work, and what an operator should look at. */
package io.semnal.server.health;
