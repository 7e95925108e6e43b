/** From a source's quote to the schema's: validation, quality flags, encoding. */
package io.semnal.feed.normalise;
