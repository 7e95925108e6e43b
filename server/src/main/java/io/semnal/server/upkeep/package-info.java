/** What a server does for its journal beside writing it: watches its disk, prunes it. */
package io.semnal.server.upkeep;
