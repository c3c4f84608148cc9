/** What the templates are given: a record a page, made for people, which decides nothing. */
@org.jspecify.annotations.NullMarked
package dev.dueline.console.view;
