package io.semnal.inference.onnx;

import io.semnal.inference.onnx.OnnxModel.Tensor;
import io.semnal.inference.registry.ModelRefusedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads one constant; its shape must be filled exactly by the values that the file holds. */
final class TensorReader {
  private static final int MAX_RANK = 16;
  private static final int UINT8 = 2;
  private static final int INT8 = 3;
  private static final int UINT16 = 4;
  private static final int INT16 = 5;
  private static final int UINT32 = 12;
  private static final int UINT64 = 13;
  private static final int EXTERNAL = 1;

  private final ProtoReader.Longs dimensions = new ProtoReader.Longs();
  private final ProtoReader.Reals reals = new ProtoReader.Reals();
  private final ProtoReader.Longs integers = new ProtoReader.Longs();
  private final Tensor tensor;
  private String name = "";
  private int element;
  private byte[] raw;
  private int texts;
  private boolean external;

  TensorReader(ProtoReader in) {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> in.integers(dimensions);
        case 2 -> element = (int) in.integer();
        case 4 -> in.reals(reals);
        case 5, 7, 11 -> in.integers(integers);
        case 6 -> {
          in.skip();
          texts++;
        }
        case 8 -> name = in.text();
        case 9 -> raw = in.bytes();
        case 10 -> in.doubles(reals);
        case 13 -> {
          in.skip();
          external = true;
        }
        case 14 -> external |= in.integer() == EXTERNAL;
        default -> in.skip();
      }
    }
    if (external) {
      throw new ModelRefusedException(
          "the model keeps weights in another file: export it as one (PyTorch:"
              + " external_data=False)");
    }
    int[] shape = shape();
    tensor = new Tensor(element, shape, isRead() ? values() : new double[0]);
    long count = isRead() ? tensor.values().length : element == OnnxModel.STRING ? texts : -1;
    long expected = 1;
    for (int dimension : shape) {
      expected *= dimension;
      if (expected > Integer.MAX_VALUE) {
        break;
      }
    }
    if (count >= 0 && count != expected) {
      throw new ModelRefusedException(
          "constant " + name + " holds " + count + " values, its shape says " + expected);
    }
  }

  String name() {
    return name;
  }

  Tensor tensor() {
    return tensor;
  }

  private int[] shape() {
    long[] given = dimensions.toArray();
    if (given.length > MAX_RANK) {
      throw new ModelRefusedException("constant " + name + " has " + given.length + " dimensions");
    }
    int[] shape = new int[given.length];
    for (int i = 0; i < shape.length; i++) {
      if (given[i] < 0 || given[i] > Integer.MAX_VALUE) {
        throw new ModelRefusedException("constant " + name + " has a dimension of " + given[i]);
      }
      shape[i] = (int) given[i];
    }
    return shape;
  }

  private double[] values() {
    if (raw != null) {
      return fromRaw();
    }
    if (reals.size() > 0) {
      return reals.toArray();
    }
    long[] given = integers.toArray();
    double[] values = new double[given.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = element == OnnxModel.FLOAT16 ? Float.float16ToFloat((short) given[i]) : given[i];
    }
    return values;
  }

  /** Bytes of an element; 0 of types whose values are not read. */
  private int width() {
    return switch (element) {
      case UINT8, INT8, OnnxModel.BOOL -> Byte.BYTES;
      case UINT16, INT16, OnnxModel.FLOAT16 -> Short.BYTES;
      case OnnxModel.FLOAT32, OnnxModel.INT32, UINT32 -> Integer.BYTES;
      case OnnxModel.INT64, UINT64, OnnxModel.FLOAT64 -> Long.BYTES;
      default -> 0;
    };
  }

  private boolean isRead() {
    return width() > 0;
  }

  private double[] fromRaw() {
    int width = width();
    if (raw.length % width != 0) {
      throw new ModelRefusedException("constant " + name + " ends within a value");
    }
    ByteBuffer bytes = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    double[] values = new double[raw.length / width];
    for (int i = 0; i < values.length; i++) {
      int at = i * width;
      values[i] =
          switch (element) {
            case UINT8 -> bytes.get(at) & 0xFF;
            case INT8, OnnxModel.BOOL -> bytes.get(at);
            case UINT16 -> bytes.getChar(at);
            case INT16 -> bytes.getShort(at);
            case OnnxModel.FLOAT16 -> Float.float16ToFloat(bytes.getShort(at));
            case OnnxModel.INT32 -> bytes.getInt(at);
            case UINT32 -> bytes.getInt(at) & 0xFFFFFFFFL;
            case OnnxModel.FLOAT32 -> bytes.getFloat(at);
            case OnnxModel.FLOAT64 -> bytes.getDouble(at);
            default -> bytes.getLong(at);
          };
    }
    return values;
  }
}
