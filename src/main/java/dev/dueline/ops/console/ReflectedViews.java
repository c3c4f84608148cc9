package dev.dueline.ops.console;

import dev.dueline.console.text.Moment;
import dev.dueline.console.view.DeadView;
import dev.dueline.console.view.ErrorView;
import dev.dueline.console.view.Frame;
import dev.dueline.console.view.JobDetails;
import dev.dueline.console.view.JobRow;
import dev.dueline.console.view.JobsView;
import dev.dueline.console.view.LoginView;
import dev.dueline.console.view.OverviewView;
import dev.dueline.console.view.Problem;
import dev.dueline.console.view.QueueDetails;
import dev.dueline.console.view.QueueRow;
import dev.dueline.console.view.Rights;
import dev.dueline.console.view.ScheduleView;
import dev.dueline.console.view.SettingsView;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** What templates read by reflection, in a native image too; records inside these included. */
@RegisterForReflection(
    targets = {
      DeadView.class,
      DeadView.Group.class,
      ErrorView.class,
      Frame.class,
      JobDetails.class,
      JobDetails.Attribute.class,
      JobDetails.FirstFailure.class,
      JobDetails.NextRunRow.class,
      JobDetails.PayloadView.class,
      JobDetails.Policy.class,
      JobDetails.RecurrenceDetails.class,
      JobRow.class,
      JobsView.class,
      LoginView.class,
      Moment.class,
      OverviewView.class,
      OverviewView.Totals.class,
      Problem.class,
      QueueDetails.class,
      QueueDetails.Bar.class,
      QueueDetails.Limits.class,
      QueueDetails.Link.class,
      QueueDetails.PurgeProgress.class,
      QueueDetails.Totals.class,
      QueueDetails.WatcherRow.class,
      QueueRow.class,
      Rights.class,
      ScheduleView.class,
      ScheduleView.FieldError.class,
      SettingsView.class,
      SettingsView.Setting.class
    })
final class ReflectedViews {
  private ReflectedViews() {}
}
