// Judges PDF files with the validation library of veraPDF: PDF/UA-1, and PDF/A-2a or, where a file claims part 3, PDF/A-3a.
//
//   java -cp LIBRARIES Pruefung.java FILE...
//
// One line for each file and standard; below a failure every broken rule with its number and one place.
// Ends with 0 if everything conforms, 1 if not (a file that cannot be read does not conform), 2 without files.

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

public class Pruefung {
    private static final class Rule {
        int broken;
        String place;
    }

    public static void main(String[] files) throws Exception {
        if (files.length == 0) {
            System.err.println("No file to judge.");
            System.exit(2);
        }
        Logger.getLogger("").setLevel(Level.SEVERE);
        VeraGreenfieldFoundryProvider.initialise();
        int failures = 0;
        for (String file : files) {
            for (PDFAFlavour standard : standards(file)) {
                failures += conforms(file, standard) ? 0 : 1;
            }
        }
        System.out.println(files.length + " files, " + failures + " failures");
        System.exit(failures == 0 ? 0 : 1);
    }

    /** The standards that a file has to meet. Its metadata are not compressed, as both standards want it. */
    private static List<PDFAFlavour> standards(String file) throws Exception {
        String text = new String(Files.readAllBytes(Path.of(file)), StandardCharsets.ISO_8859_1);
        boolean third = text.contains("<pdfaid:part>3<");
        return List.of(PDFAFlavour.byFlavourId("ua1"), PDFAFlavour.byFlavourId(third ? "3a" : "2a"));
    }

    private static boolean conforms(String file, PDFAFlavour standard) {
        Map<String, Rule> rules = new LinkedHashMap<>();
        long checks = 0;
        try (var parser = Foundries.defaultInstance().createParser(Path.of(file).toFile(), standard);
                var validator = Foundries.defaultInstance().createValidator(standard, false)) {
            var result = validator.validate(parser);
            checks = result.getTotalAssertions();
            for (TestAssertion check : result.getTestAssertions()) {
                if (check.getStatus() == TestAssertion.Status.FAILED) {
                    var id = check.getRuleId();
                    Rule rule = rules.computeIfAbsent(
                            id.getClause() + "-" + id.getTestNumber() + " " + check.getMessage(), k -> new Rule());
                    rule.broken++;
                    rule.place = check.getLocation().getContext();
                }
            }
            if (!result.isCompliant() && rules.isEmpty()) {
                rules.put("not compliant", new Rule());
            }
        } catch (Exception | LinkageError error) {
            rules.put("could not be judged: " + error, new Rule());
        }
        boolean good = rules.isEmpty() && checks > 0; // a run without a check proves nothing
        System.out.printf("%s  %s  %,d checks  %s%n", good ? "ok  " : "FAIL", standard.getId(), checks, file);
        rules.forEach((name, rule) -> System.out.println("      " + rule.broken + " x " + name + "\n        " + rule.place));
        return good;
    }
}
