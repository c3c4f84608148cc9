package dev.dueline.console.view;

/**
 * The page {@code error.html}.
 *
 * @param status of HTTP
 * @param text what is wrong, in a sentence
 * @param remedy what to do, in a sentence; may be empty
 */
public record ErrorView(int status, String text, String remedy) {}
