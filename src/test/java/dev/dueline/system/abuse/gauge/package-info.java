/** What a service holds, and how it serves a well client, while it is attacked. */
package dev.dueline.system.abuse.gauge;
