package io.semnal.features.graph;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PRIVATE;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a {@link Plan} as a class of straight-line methods: one field per node, of the node's
 * exact class, so that the JIT compiler inlines what each computes; and elementwise nodes as calls
 * on values that stay in registers.
 *
 * <p>Plans of the same shape (node classes, operations, constants and edges between elementwise
 * nodes) share a class, and thus compiled code, however many instruments there are.
 */
final class PlanWriter {
  /** So many nodes make one method; 16 and 32 are alike for bench-32, 64 is slower. */
  private static final int NODES_A_METHOD = 16;

  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final ClassDesc NODE = Node.class.describeConstable().orElseThrow();
  private static final ClassDesc NODES = NODE.arrayType();
  private static final ClassDesc PLAN = Plan.class.describeConstable().orElseThrow();
  private static final ClassDesc ELEMENTWISE = Elementwise.class.describeConstable().orElseThrow();
  private static final ClassDesc SELF = ClassDesc.of(Plan.class.getPackageName(), "WrittenPlan");
  private static final MethodTypeDesc VOID = MethodTypeDesc.of(CD_void);
  private static final MethodTypeDesc DOUBLE = MethodTypeDesc.of(CD_double);
  private static final MethodTypeDesc FINITE = MethodTypeDesc.of(CD_double, CD_double);
  private static final MethodTypeDesc CONSTRUCTOR = MethodTypeDesc.of(CD_void, NODES);

  /** A class once written. */
  record Shape(MethodHandle constructor) {
    Plan plan(PlanWriter writer) {
      try {
        return (Plan) constructor.invokeExact(writer.fields.toArray(Node[]::new));
      } catch (Throwable e) {
        throw new IllegalStateException("a written plan cannot be made", e);
      }
    }
  }

  private final Node[] nodes;

  /** The plan's nodes, then those that only its elementwise ones read. */
  private final List<Node> fields;

  private final Map<Node, Integer> fieldOf = new IdentityHashMap<>();

  PlanWriter(Node[] nodes) {
    this.nodes = nodes;
    fields = new ArrayList<>();
    for (Node node : nodes) {
      field(node);
    }
    for (Node node : nodes) {
      if (operation(node) != null) {
        for (Node input : node.inputs()) {
          if (!(input instanceof ConstantNode)) {
            field(input);
          }
        }
      }
    }
  }

  private void field(Node node) {
    if (fieldOf.putIfAbsent(node, fields.size()) == null) {
      fields.add(node);
    }
  }

  private static String operation(Node node) {
    return node instanceof Elementwise.Pure pure ? pure.operation() : null;
  }

  /** Everything that the class depends on. */
  String shape() {
    StringBuilder text = new StringBuilder();
    for (Node node : fields) {
      text.append(type(node).descriptorString()).append(node.observed ? "!" : "");
      String operation = operation(node);
      if (operation != null && fieldOf.get(node) < nodes.length) {
        text.append(operation);
        for (Node input : node.inputs()) {
          if (input instanceof ConstantNode constant) {
            text.append(" =").append(Double.doubleToRawLongBits(constant.value()));
          } else {
            text.append(" #").append(fieldOf.get(input));
          }
        }
      }
    }
    return text.toString();
  }

  Shape write() {
    byte[] bytes = ClassFile.of().build(SELF, this::writeClass);
    try {
      MethodHandles.Lookup lookup = LOOKUP.defineHiddenClass(bytes, true);
      MethodHandle constructor =
          lookup.findConstructor(
              lookup.lookupClass(), MethodType.methodType(void.class, Node[].class));
      return new Shape(constructor.asType(MethodType.methodType(Plan.class, Node[].class)));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a plan's class was refused", e);
    }
  }

  private void writeClass(ClassBuilder builder) {
    builder.withFlags(ACC_FINAL).withSuperclass(PLAN);
    for (int i = 0; i < fields.size(); i++) {
      builder.withField(name(i), type(fields.get(i)), ACC_PRIVATE | ACC_FINAL);
    }
    builder.withMethodBody(INIT_NAME, CONSTRUCTOR, 0, this::writeConstructor);
    writeMethods(builder, "update", false);
    writeMethods(builder, "close", true);
  }

  private void writeConstructor(CodeBuilder code) {
    code.aload(0).aload(1).invokespecial(PLAN, INIT_NAME, CONSTRUCTOR);
    for (int i = 0; i < fields.size(); i++) {
      ClassDesc type = type(fields.get(i));
      code.aload(0).aload(1).loadConstant(i).aaload().checkcast(type);
      code.putfield(SELF, name(i), type);
    }
    code.return_();
  }

  private void writeMethods(ClassBuilder builder, String name, boolean close) {
    int parts = Math.ceilDiv(nodes.length, NODES_A_METHOD);
    builder.withMethodBody(
        name,
        VOID,
        0,
        code -> {
          for (int part = 0; part < parts; part++) {
            code.aload(0).invokevirtual(SELF, name + part, VOID);
          }
          code.return_();
        });
    for (int part = 0; part < parts; part++) {
      int from = part * NODES_A_METHOD;
      int to = Math.min(from + NODES_A_METHOD, nodes.length);
      builder.withMethodBody(
          name + part,
          VOID,
          ACC_FINAL,
          code -> {
            Map<Node, Integer> values = new IdentityHashMap<>();
            for (int i = from; i < to; i++) {
              writeNode(code, nodes[i], values, close);
            }
            code.return_();
          });
    }
  }

  /** The same steps as {@link Node#update} and {@link Node#close}. */
  private void writeNode(CodeBuilder code, Node node, Map<Node, Integer> values, boolean close) {
    String operation = operation(node);
    if (operation == null) {
      load(code, node).invokevirtual(type(node), "compute", DOUBLE);
    } else {
      for (Node input : node.inputs()) {
        writeInput(code, input, values);
      }
      code.invokestatic(
          ELEMENTWISE,
          operation,
          MethodTypeDesc.of(CD_double, Collections.nCopies(node.inputs().length, CD_double)));
    }
    code.invokestatic(NODE, "finite", FINITE);
    int value = code.allocateLocal(TypeKind.DOUBLE);
    values.put(node, value);
    code.dstore(value);
    load(code, node).dload(value).putfield(NODE, "out", CD_double);
    if (close) {
      if (node.observed) {
        load(code, node).dload(value).putfield(NODE, "closed", CD_double);
      }
      if (operation == null) {
        load(code, node).invokevirtual(type(node), "commit", VOID);
      }
    }
  }

  private void writeInput(CodeBuilder code, Node input, Map<Node, Integer> values) {
    Integer value = values.get(input);
    if (input instanceof ConstantNode constant) {
      code.loadConstant(constant.value());
    } else if (value != null) {
      code.dload(value);
    } else {
      load(code, input).getfield(NODE, "out", CD_double);
    }
  }

  private CodeBuilder load(CodeBuilder code, Node node) {
    int field = fieldOf.get(node);
    return code.aload(0).getfield(SELF, name(field), type(node));
  }

  private static String name(int field) {
    return "n" + field;
  }

  /** The node's class, or {@link Node} where it cannot be named in this package. */
  private static ClassDesc type(Node node) {
    Class<?> type = node.getClass();
    return type.getPackage() == Node.class.getPackage()
        ? type.describeConstable().orElse(NODE)
        : NODE;
  }
}
