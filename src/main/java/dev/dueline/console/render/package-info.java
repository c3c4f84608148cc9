/** Makes pages of views by templates, those of failures too. */
@org.jspecify.annotations.NullMarked
package dev.dueline.console.render;
