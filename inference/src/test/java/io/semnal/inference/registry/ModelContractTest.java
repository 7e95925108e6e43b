package io.semnal.inference.registry;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.market.Timeframe;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelContractTest {
  private static final byte[] TRAINED = HexFormat.of().parseHex("ab".repeat(32));
  private static final byte[] OTHER = HexFormat.of().parseHex("cd".repeat(32));

  @Test
  void acceptsTheSetThatTheModelWasTrainedOn() {
    check(set("return(1)", "return(2)", "return(3)", "return(4)"), TRAINED);
  }

  @Test
  void listsEveryColumnThatDiffers() {
    assertThatThrownBy(() -> check(set("return(1)", "rsi(14)", "return(3)", "return(4)"), TRAINED))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessage(
            "trend@1 was trained on other columns than feature set fx-live has: column 2: model"
                + " 'return(2)', set 'rsi(14)'");
    assertThatThrownBy(() -> check(set("return(2)", "return(2)", "return(3)"), OTHER))
        .hasMessageEndingWith(
            "model 4 columns, set 3; column 1: model 'return(1)', set 'return(2)'; column 4: model"
                + " 'return(4)', set none");
  }

  @Test
  void namesBothHashesWhereOnlyTheyDiffer() {
    assertThatThrownBy(() -> check(set("return(1)", "return(2)", "return(3)", "return(4)"), OTHER))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContainingAll(
            "trend@1 was trained on feature set fx-core with hash " + "ab".repeat(32),
            "feature set fx-live has hash " + "cd".repeat(32),
            "timeframe, price or the version of the indicators differ");
  }

  @Test
  void comparesColumnsOnlyWhereTheCardHasNoHash() {
    ModelCard card = TestModels.card("trend");
    ModelCard unhashed =
        new ModelCard(
            card.name(),
            card.version(),
            card.featureSet(),
            "",
            card.columns(),
            card.output(),
            card.classes(),
            card.unit(),
            card.outputName(),
            card.acceptsNaN(),
            card.labelPolicy(),
            card.description(),
            card.trainedFrom(),
            card.trainedTo());
    FeatureSetConfig set = set("return(1)", "return(2)", "return(3)", "return(4)");
    assertThatCode(() -> ModelContract.check(unhashed, set, OTHER)).doesNotThrowAnyException();
  }

  private static void check(FeatureSetConfig set, byte[] hash) {
    ModelContract.check(TestModels.card("trend"), set, hash);
  }

  private static FeatureSetConfig set(String... columns) {
    return new FeatureSetConfig(
        "fx-live", Timeframe.M1, FeatureSetConfig.Price.MID, List.of(columns));
  }
}
