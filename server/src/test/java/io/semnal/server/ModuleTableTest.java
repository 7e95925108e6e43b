package io.semnal.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the design's module table. */
class ModuleTableTest {
  private static final Map<String, List<String>> MAY_DEPEND_ON =
      Map.of(
          "protocol", List.of(),
          "core", List.of("protocol"),
          "fix", List.of("protocol", "core"),
          "feed", List.of("protocol", "core", "fix"),
          "features", List.of("protocol", "core"),
          "inference", List.of("protocol", "core", "features"),
          "journal", List.of("protocol", "core"),
          "gateway", List.of("protocol", "core", "fix"),
          "research",
              List.of("protocol", "core", "fix", "feed", "features", "inference", "journal"),
          "client", List.of("protocol"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.semnal");

  @TestFactory
  Stream<DynamicTest> dependsOnlyOnWhatTheTableAllows() {
    return MAY_DEPEND_ON.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.getKey(),
                    () -> {
                      String[] own = {"io.semnal." + row.getKey() + ".."};
                      String[] forbidden =
                          Stream.concat(
                                  MAY_DEPEND_ON.keySet().stream(), Stream.of("server", "bench"))
                              .filter(m -> !m.equals(row.getKey()) && !row.getValue().contains(m))
                              .map(m -> "io.semnal." + m + "..")
                              .toArray(String[]::new);
                      noClasses()
                          .that()
                          .resideInAnyPackage(own)
                          .should()
                          .dependOnClassesThat()
                          .resideInAnyPackage(forbidden)
                          .allowEmptyShould(true)
                          .check(CLASSES);
                    }));
  }

  @Test
  void modulesFormNoCycle() {
    slices().matching("io.semnal.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void noPackageIsCalledUtilOrCommon() {
    noClasses()
        .should()
        .resideInAnyPackage("..util..", "..utils..", "..common..", "..helpers..")
        .check(CLASSES);
  }

  /** So that a running server never loads a training library. */
  @Test
  void onlyLearnersKnowTheTrainingLibraries() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.semnal.research.learn")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ml.dmlc..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.semnal.research..", "io.semnal.server.command", "io.semnal.bench..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.semnal.research.learn..", "io.semnal.research.train..")
        .check(CLASSES);
  }

  @Test
  void theEngineReadsNoClockAndNoRandomness() {
    noClasses()
        .that(
            resideInAPackage("io.semnal.features..")
                .or(resideInAPackage("io.semnal.inference.engine.."))
                .or(resideInAPackage("io.semnal.inference.signal..")))
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(java.util.Random.class, java.util.concurrent.ThreadLocalRandom.class)
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandLinePrints() {
    classes()
        .that(
            resideInAPackage("io.semnal..")
                .and(
                    new com.tngtech.archunit.base.DescribedPredicate<>("outside the command line") {
                      @Override
                      public boolean test(com.tngtech.archunit.core.domain.JavaClass type) {
                        return Arrays.stream(new String[] {"server", "bench", "research"})
                            .noneMatch(m -> type.getPackageName().startsWith("io.semnal." + m));
                      }
                    }))
        .should(
            com.tngtech.archunit.lang.conditions.ArchConditions.not(
                com.tngtech.archunit.lang.conditions.ArchConditions.accessField(
                    System.class, "out")))
        .check(CLASSES);
  }
}
