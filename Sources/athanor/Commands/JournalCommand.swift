/// `athanor journal`: the record of everything that was done.
enum JournalCommand {
  static let command: Command = Command(
    family: "journal", summary: "Read and verify the record of everything that was done",
    discussion: [
      """
      Every simulation is recorded in the journal: one event for each formula, chained to the event \
      before it, so that a changed, missing or added event is found and named. All of these but \
      `archive` only read; the journal may be written meanwhile.
      """,
      """
      It is the file of --journal, else $ATHANOR_JOURNAL, else journal.sqlite in $ATHANOR_HOME, \
      $XDG_DATA_HOME/athanor or ~/.local/share/athanor.
      """,
    ],
    examples: [
      Command.Example("athanor journal verify", "Proves that nothing was changed"),
      Command.Example("athanor journal runs", "Lists what was done, the latest first"),
      Command.Example("athanor journal tail --kind run.summary", "Shows the last summaries"),
    ],
    members: [
      JournalVerifyCommand.command, JournalTailCommand.command, JournalRunsCommand.command,
      JournalExportCommand.command, JournalArchiveCommand.command,
    ])
}
