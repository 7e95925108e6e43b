package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class MessageFieldsTest {
  @Test
  void knowsEveryJournaledMessageAndItsFieldsAsTheSchemaHasThem() throws Exception {
    NodeList messages = schema().getElementsByTagName("sbe:message");
    int journaled = 0;
    for (int i = 0; i < messages.getLength(); i++) {
      Element message = (Element) messages.item(i);
      int id = Integer.parseInt(message.getAttribute("id"));
      if (id < 40) {
        journaled++;
        assertThat(MessageFields.templateName(id)).isEqualTo(message.getAttribute("name"));
        assertThat(MessageFields.fields(id).stream().map(MessageFields.Field::name))
            .containsExactlyElementsOf(children(message, "field"));
        assertThat(MessageFields.variableFields(id))
            .containsExactlyInAnyOrderElementsOf(children(message, "data"));
      }
    }
    assertThat(journaled).isGreaterThanOrEqualTo(21);
    assertThat(MessageFields.templateName(39)).isEqualTo("template 39");
  }

  @Test
  void showsValuesAndWholeMessages() {
    Messages messages = new Messages();
    int length = messages.bar(77, 12, 5);
    MessageFields.Field cause = MessageFields.fields(24).get(1);
    assertThat(cause.name()).isEqualTo("causeSeq");
    assertThat(MessageFields.value(messages.buffer, length, cause)).isEqualTo("12");
    assertThat(MessageFields.describe(messages.buffer, length)).contains("outSeq=77");
  }

  private static List<String> children(Element message, String tag) {
    List<String> names = new ArrayList<>();
    NodeList nodes = message.getChildNodes();
    for (int i = 0; i < nodes.getLength(); i++) {
      if (nodes.item(i) instanceof Element element && element.getTagName().equals(tag)) {
        names.add(element.getAttribute("name"));
      }
    }
    return names;
  }

  private static Element schema() throws Exception {
    try (InputStream in =
        MessageFieldsTest.class.getResourceAsStream("/io/semnal/protocol/semnal.xml")) {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(in)
          .getDocumentElement();
    }
  }
}
