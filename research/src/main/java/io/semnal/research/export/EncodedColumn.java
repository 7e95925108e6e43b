package io.semnal.research.export;

import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;

/**
 * A column batch as the bytes of its pages, not yet compressed.
 *
 * @param dictionary {@code null} where there is none
 * @param words of the dictionary
 * @param page levels and values
 */
record EncodedColumn(BytesInput dictionary, int words, BytesInput page, Encoding encoding) {}
