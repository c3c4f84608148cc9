package dev.dueline.architecture.planted.stray;

/** A package on no floor. */
public class Planted {}
