/**
 * How many shards watchers may have this replica listen to, and who has how many of them.
 *
 * <pre>
 *   nobody ──hold──▶ held by owners ──release by the last──▶ lingers, for the last owner
 *     ▲                    ▲                                   │      │
 *     │                    └───────────────hold────────────────┘      │
 *     └──────────10 s over, or the oldest gives way to what is held───┘
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.delivery.limit;
