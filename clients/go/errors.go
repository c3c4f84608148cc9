package dueline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Error is a call that failed, with what the service says of it.
type Error struct {
	Code codes.Code
	// Reason is that of the ErrorInfo, such as JOB_EXISTS; empty where none came.
	Reason  string
	Message string
	// Violations name the fields of a request that break a limit.
	Violations []Violation
	// Metadata is that of the ErrorInfo, such as job_state where an id is taken.
	Metadata map[string]string

	retryDelay time.Duration
	cause      error
}

// Violation is one field that breaks a limit.
type Violation struct{ Field, Description string }

func (e *Error) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("dueline: %s: %s", e.Code, e.Message)
	}
	return fmt.Sprintf("dueline: %s (%s): %s", e.Code, e.Reason, e.Message)
}

// Unwrap has the status of gRPC, or the caller's context error where that ended the call.
func (e *Error) Unwrap() error { return e.cause }

// GRPCStatus has status.Code and its like read this error.
func (e *Error) GRPCStatus() *status.Status { return status.New(e.Code, e.Message) }

// errorOf reads a failed call; ctx is that of the caller, whose end is the reason of an end by it.
func errorOf(ctx context.Context, err error) *Error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	s, ok := status.FromError(err)
	if !ok {
		s = status.FromContextError(err)
	}
	e := &Error{Code: s.Code(), Message: s.Message(), cause: err}
	if ctx.Err() != nil && s.Code() == status.FromContextError(ctx.Err()).Code() {
		e.cause = ctx.Err()
	}
	for _, detail := range s.Details() {
		switch d := detail.(type) {
		case *errdetails.ErrorInfo:
			e.Reason, e.Metadata = d.Reason, d.Metadata
		case *errdetails.BadRequest:
			for _, v := range d.FieldViolations {
				e.Violations = append(e.Violations, Violation{v.Field, v.Description})
			}
		case *errdetails.RetryInfo:
			e.retryDelay = d.RetryDelay.AsDuration()
		}
	}
	return e
}

func invalid(message string) *Error {
	return &Error{Code: codes.InvalidArgument, Reason: "INVALID_REQUEST", Message: message}
}
