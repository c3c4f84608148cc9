/** Keys and certificates as they are in files or at an address, which may change. */
@NullMarked
package dev.dueline.ops.security.material;

import org.jspecify.annotations.NullMarked;
