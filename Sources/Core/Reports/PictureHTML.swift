import Bytes
import Verdicts

/// The picture on a page, with what it says as a table for whoever cannot see it.
extension Picture {
    package var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(Markup.escaped(kind.title))</title>
        <style>
          body { margin: 0 auto; max-width: 960px; font: 14px ui-sans-serif, system-ui, sans-serif; color: #1b1f24; background: #ffffff; }
          svg { width: 100%; height: auto; }
          table { border-collapse: collapse; margin: 0 24px 24px; } th, td { text-align: left; padding: 2px 12px 2px 0; vertical-align: top; }
          @media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117; } }
        </style>
        </head>
        <body>
        \(svg)\(lanes.map(\.table).joined())</body>
        </html>

        """
    }
}

extension Picture.Lane {
    fileprivate var table: String {
        let rows = FigureLines.lines(finding.ruling.figures).map {
            "<tr><th scope=\"row\">\(Markup.escaped($0.name))</th><td>\(Markup.escaped($0.text))</td></tr>\n"
        }
        let caption = "\(finding.ruling.judgement.rawValue): \(title). \(finding.ruling.because)"
        return "<table>\n<caption>\(Markup.escaped(caption))</caption>\n\(rows.joined())</table>\n"
    }
}
