/**
 * Tests against a real service whose clock they move: three days in milliseconds.
 *
 * <p>{@link dev.dueline.client.testing.DuelineExtension} is for JUnit 5 and later, which
 * applications bring; {@link dev.dueline.client.testing.DevService} is without it.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.client.testing;
