/** HTTP resources under {@code /api/v1}: signed requests in, JSON and problem documents out. */
package io.semnal.gateway.rest;
