package io.semnal.research.train;

import io.semnal.research.learn.Classifier;
import io.semnal.research.learn.FitContext;
import io.semnal.research.learn.Learner;
import io.semnal.research.learn.LogLoss;
import io.semnal.research.learn.Parameters;
import io.semnal.research.learn.Rows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/**
 * Looks for a learner's parameters: random ones, then successive halving. All are tried on the
 * latest fold, the better third on half of the folds, the best third of those on all.
 */
final class Search {
  private static final int KEEP_ONE_IN = 3;

  private final Learner learner;
  private final FitContext context;
  private final List<Folds.Fold> folds;
  private final TrialLog log;
  private final TrainingWatch watch;
  private int fits;
  private int expected;

  /** A candidate, and how much better than the base rate it was in each fold that it was tried. */
  private static final class Candidate {
    final Parameters parameters;
    final List<Double> gains = new ArrayList<>();

    Candidate(Parameters parameters) {
      this.parameters = parameters;
    }

    double gain() {
      return gains.stream().mapToDouble(gain -> gain).average().orElse(Double.NEGATIVE_INFINITY);
    }
  }

  /**
   * @param gain by how much the mean log loss over the folds lay below the base rate's
   * @param trials sets of parameters that were tried
   * @param fits that it took
   */
  record Result(Parameters parameters, double gain, int trials, int fits) {}

  Search(
      Learner learner,
      FitContext context,
      List<Folds.Fold> folds,
      TrialLog log,
      TrainingWatch watch) {
    this.learner = learner;
    this.context = context;
    this.folds = folds;
    this.log = log;
    this.watch = watch;
  }

  /**
   * @param given the first candidate
   * @param trials candidates in all
   */
  Result run(Parameters given, int trials, long seed) {
    List<Candidate> left = candidates(given, trials, seed);
    int[] budgets = {1, Math.max(1, folds.size() / 2), folds.size()};
    count(trials, budgets);
    for (int rung = 0; rung < budgets.length; rung++) {
      for (Candidate candidate : left) {
        while (candidate.gains.size() < budgets[rung]) {
          tryNext(candidate);
        }
      }
      left.sort(Comparator.comparingDouble(Candidate::gain).reversed());
      if (rung < budgets.length - 1) {
        left = new ArrayList<>(left.subList(0, kept(left.size())));
      }
    }
    Candidate best = left.getFirst();
    return new Result(best.parameters, best.gain(), trials, fits);
  }

  private List<Candidate> candidates(Parameters given, int trials, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Candidate> candidates = new ArrayList<>();
    candidates.add(new Candidate(given));
    while (candidates.size() < trials) {
      candidates.add(new Candidate(learner.draw(random)));
    }
    return candidates;
  }

  private static int kept(int candidates) {
    return (candidates + KEEP_ONE_IN - 1) / KEEP_ONE_IN;
  }

  private void count(int trials, int[] budgets) {
    int alive = trials;
    int before = 0;
    for (int budget : budgets) {
      expected += alive * (budget - before);
      before = budget;
      alive = kept(alive);
    }
  }

  private void tryNext(Candidate candidate) {
    // The latest fold comes first: it has the most rows, and is most like what is to come.
    int number = folds.size() - 1 - candidate.gains.size();
    String text = candidate.parameters.text();
    watch.progress("search", fits, expected);
    OptionalDouble known = log.find(text, number);
    double gain = known.isPresent() ? known.getAsDouble() : gain(candidate.parameters, number);
    candidate.gains.add(gain);
    fits++;
    if (known.isEmpty()) {
      log.add(new TrialLog.Trial(text, number, gain));
    }
    watch.log(
        String.format(
            Locale.ROOT,
            "fit %d of %d, fold %d: log loss %+.5f against the base rate%s; %s",
            fits,
            expected,
            number + 1,
            -gain,
            known.isPresent() ? " (known)" : "",
            text));
  }

  private double gain(Parameters parameters, int number) {
    Folds.Fold fold = folds.get(number);
    Rows test = fold.test();
    Classifier fitted = learner.fit(fold.fit(), parameters, context);
    double base = LogLoss.ofConstant(test, fold.fit().frequencies(context.classes()));
    return base - LogLoss.of(test, fitted.probabilities(test, 1.0));
  }
}
