package io.semnal.core.config;

import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseable;

/**
 * Stops the start where a file that a configuration includes is not there: HOCON would take it for
 * empty, and the server would run with settings that nobody chose.
 */
final class RequiredIncludes implements ConfigIncluder {
  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    ConfigParseable included = context.relativeTo(what);
    if (included == null) {
      throw new ConfigException("include \"" + what + "\": there is no such file");
    }
    return included.parse(context.parseOptions().setAllowMissing(false));
  }

  /** None: what this one does not find is not looked for elsewhere. */
  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this;
  }
}
