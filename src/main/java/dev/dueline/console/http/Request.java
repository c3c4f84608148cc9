package dev.dueline.console.http;

/**
 * A request of somebody who may look.
 *
 * @param path as it came, without the query
 * @param query the fields behind the question mark
 * @param form the fields of the body of a POST; else none
 * @param nowMs the time of the page
 */
public record Request(Caller caller, String path, Parameters query, Parameters form, long nowMs) {}
