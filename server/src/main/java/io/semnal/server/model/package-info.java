/** The models of a running server: swapping them, scoring challengers beside them, their drift. */
package io.semnal.server.model;
