/** How far what a model scores lies from what it was trained on. */
package io.semnal.inference.drift;
