package dev.dueline.console.view;

import dev.dueline.console.text.Moment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every page is given as {@code page}, beside its own {@code view}.
 *
 * @param title of the page, without the product's name
 * @param section of the navigation: overview, jobs, dead, schedule, settings, or empty
 * @param queue that the page is about; empty: none
 * @param assets the URL of each static file by its name, such as {@code console.css}
 * @param caller the name of who looks; empty: nobody is known yet
 * @param isOpen whether nobody is asked who they are
 * @param isSignedIn whether there is a cookie that signing out takes back
 * @param now when the page was made
 * @param notice what an action just did; null: nothing
 */
public record Frame(
    String title,
    String section,
    String queue,
    Map<String, String> assets,
    String caller,
    boolean isOpen,
    boolean isSignedIn,
    Moment now,
    @Nullable String notice) {}
