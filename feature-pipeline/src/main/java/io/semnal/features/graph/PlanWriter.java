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
  /** So many nodes make one method; 32 and 64 are alike for bench-32, 16 is slower. */
  private static final int NODES_A_METHOD = 32;

  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final ClassDesc NODE = Node.class.describeConstable().orElseThrow();
  private static final ClassDesc NODES = NODE.arrayType();
  private static final ClassDesc PLAN = Plan.class.describeConstable().orElseThrow();
  private static final ClassDesc ELEMENTWISE = Elementwise.class.describeConstable().orElseThrow();
  private static final ClassDesc SELF = ClassDesc.of(Plan.class.getPackageName(), "WrittenPlan");
  private static final MethodTypeDesc VOID = MethodTypeDesc.of(CD_void);
  private static final MethodTypeDesc DOUBLE = MethodTypeDesc.of(CD_double);
  private static final MethodTypeDesc GIVEN = MethodTypeDesc.of(CD_double, CD_double);
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

  /** Whether {@link Plan#close} is what is written, else {@link Plan#update}. */
  private final boolean closing;

  private final ValueFlow flow;

  /** The plan's nodes, then those whose values are handed to them. */
  private final List<Node> fields;

  private final Map<Node, Integer> fieldOf = new IdentityHashMap<>();

  PlanWriter(Node[] nodes, boolean closing) {
    this.nodes = nodes;
    this.closing = closing;
    flow = new ValueFlow(nodes, NODES_A_METHOD, closing);
    fields = new ArrayList<>();
    for (Node node : nodes) {
      field(node);
    }
    for (Node node : nodes) {
      if (ValueFlow.isGiven(node)) {
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

  /** Everything that the class depends on. */
  String shape() {
    StringBuilder text = new StringBuilder(closing ? "close " : "update ");
    for (int i = 0; i < fields.size(); i++) {
      Node node = fields.get(i);
      text.append(type(node).descriptorString());
      if (i >= nodes.length) {
        continue;
      }
      text.append(node.observed ? "!" : "");
      text.append(flow.isStored(node) ? "*" : "").append(flow.isChecked(node) ? "?" : "");
      if (ValueFlow.isGiven(node)) {
        text.append(ValueFlow.operation(node));
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
    writeMethods(builder, closing ? "close" : "update");
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

  private void writeMethods(ClassBuilder builder, String name) {
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
              writeNode(code, nodes[i], values);
            }
            code.return_();
          });
    }
  }

  /** The same steps as {@link Node#update} or {@link Node#close}. */
  private void writeNode(CodeBuilder code, Node node, Map<Node, Integer> values) {
    writeValue(code, node, values);
    int value = code.allocateLocal(TypeKind.DOUBLE);
    values.put(node, value);
    code.dstore(value);
    if (flow.isStored(node)) {
      load(code, node).dload(value).putfield(NODE, "out", CD_double);
    }
    if (closing && node.observed) {
      load(code, node).dload(value).putfield(NODE, "closed", CD_double);
    }
    if (closing && !ValueFlow.isGiven(node)) {
      load(code, node).invokevirtual(type(node), "commit", VOID);
    }
  }

  private void writeValue(CodeBuilder code, Node node, Map<Node, Integer> values) {
    String operation = ValueFlow.operation(node);
    if (operation != null) {
      for (Node input : node.inputs()) {
        writeInput(code, input, values);
      }
      code.invokestatic(
          ELEMENTWISE,
          operation,
          MethodTypeDesc.of(CD_double, Collections.nCopies(node.inputs().length, CD_double)));
      if (!flow.isChecked(node)) {
        return;
      }
    } else if (node instanceof SeriesNode) {
      load(code, node);
      writeInput(code, node.inputs()[0], values);
      code.invokevirtual(type(node), closing ? "close" : "compute", GIVEN);
      if (closing) {
        return;
      }
    } else {
      load(code, node).invokevirtual(type(node), "compute", DOUBLE);
    }
    code.invokestatic(NODE, "finite", GIVEN);
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
