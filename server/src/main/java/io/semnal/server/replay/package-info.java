/** Replays for people and their tools: state at a message, what-if, a day once more for clients. */
package io.semnal.server.replay;
