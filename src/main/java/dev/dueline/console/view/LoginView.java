package dev.dueline.console.view;

/**
 * The page {@code login.html}.
 *
 * @param next where to go from there: a path of the console
 * @param isWrong whether a token was just refused
 */
public record LoginView(String next, boolean isWrong) {}
