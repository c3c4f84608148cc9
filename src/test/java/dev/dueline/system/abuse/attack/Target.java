package dev.dueline.system.abuse.attack;

/**
 * What is attacked, and from where.
 *
 * @param port of gRPC on 127.0.0.1
 * @param consolePort of the console there
 * @param managementPort of health and metrics there
 * @param token of a principal that may do everything to the queue "abuse"
 * @param partial that of one that may only operate it
 */
public record Target(int port, int consolePort, int managementPort, String token, String partial) {}
