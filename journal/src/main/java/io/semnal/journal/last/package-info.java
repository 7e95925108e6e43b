/** The last values beside a journal: a view of its end that other processes can look at. */
package io.semnal.journal.last;
