/// The pages of the step that wants to see a face.
enum BrainPersonaPage {
  static func text(inquiry: String) -> String {
    """
    <!doctype html><html lang="en"><meta charset="utf-8"><title>Confirm the login</title>
    <h1>Confirm the login</h1>
    <p>WorldQuant BRAIN would look at your face here. This server runs on your own machine and only
    asks whether it is you who logs in.</p>
    <form method="post" action="/authentication/persona/\(inquiry)/confirm">
    <button>It is me</button></form></html>
    """
  }

  static let confirmed = """
    <!doctype html><html lang="en"><meta charset="utf-8"><title>Confirmed</title>
    <h1>Confirmed</h1><p>The program that logs in goes on by itself. You can close this page.</p></html>
    """
}
