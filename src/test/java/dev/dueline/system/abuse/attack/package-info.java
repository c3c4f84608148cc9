/**
 * Ways to harm a service from outside: each is a name and what it does on connections of its own
 * until its time is over. {@link dev.dueline.system.abuse.attack.Attacks} has them all.
 */
package dev.dueline.system.abuse.attack;
