/**
 * What must hold for any message before its service looks at it: its bytes and fields, counted on
 * the wire before objects are made of them, and the checks that many fields share.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.grpc.message;
