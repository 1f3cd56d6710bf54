package org.jllm.encoding;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks whether a text fits a model, before anything native is touched. */
final class InputCheck {
    private final EncoderInput text;
    private @Nullable String misfit;

    private InputCheck(EncoderInput text) {
        this.text = text;
    }

    static Optional<String> misfit(EncoderInput text, EncoderCapabilities capabilities) {
        InputCheck check = new InputCheck(text);
        check.run(capabilities);
        return Optional.ofNullable(check.misfit);
    }

    private void run(EncoderCapabilities capabilities) {
        int length = text.length();
        if (length < 1 || length > capabilities.contextLength()) {
            found("a text has " + length + " tokens, but the model takes 1 to " + capabilities.contextLength());
            return;
        }
        if (text.padding() < 0 || text.padding() > capabilities.contextLength() - length) {
            found("padding of " + text.padding() + " does not fit beside " + length + " tokens into a context of "
                    + capabilities.contextLength());
        }
        if (text.unseen() < 0 || text.unseen() >= length) {
            found(text.unseen() + " of " + length + " tokens are to be unseen: one at least has to be seen");
        } else if (text.unseen() > 0 && !capabilities.hidesTokens()) {
            found("this model cannot hide tokens");
        }
        within("token id", text.ids(), capabilities.vocabularySize());
        each("token type", text.types(), capabilities.typeVocabularySize());
        each("position", text.positions(), capabilities.positions());
        within("asked token", text.asked(), length);
        boxes(text.boxes(), capabilities.boxCoordinates());
        entities(text.entities(), capabilities);
    }

    private void boxes(int @Nullable [][] boxes, int coordinates) {
        if (boxes == null) {
            return;
        }
        if (coordinates == 0) {
            found("this model takes no boxes");
            return;
        }
        count("box", boxes.length);
        for (int[] box : boxes) {
            if (box.length != 4) {
                found("a box has " + box.length + " numbers instead of left, top, right, bottom");
                return;
            }
            within("coordinate of a box", box, coordinates);
            if (box[2] < box[0] || box[3] < box[1]) {
                found("a box ends before it begins: left " + box[0] + ", top " + box[1] + ", right " + box[2]
                        + ", bottom " + box[3]);
            }
        }
    }

    private void entities(Entities entities, EncoderCapabilities capabilities) {
        if (entities.ids().length == 0) {
            return;
        }
        if (capabilities.entityVocabularySize() == 0) {
            found("this model takes no entities");
            return;
        }
        within("entity id", entities.ids(), capabilities.entityVocabularySize());
        within("entity type", entities.types(), capabilities.typeVocabularySize());
        for (int[] positions : entities.positions()) {
            if (positions.length == 0) {
                found("an entity covers no token");
            }
            within("entity position", positions, capabilities.contextLength());
        }
    }

    private void each(String what, int @Nullable [] values, int bound) {
        if (values == null) {
            return;
        }
        if (bound == 0) {
            found("this model takes no " + what + 's');
            return;
        }
        count(what, values.length);
        within(what, values, bound);
    }

    private void count(String what, int count) {
        if (count != text.length()) {
            found(count + " values for " + text.length() + " tokens: there must be one " + what + " for each");
        }
    }

    private void within(String what, int[] values, int bound) {
        for (int value : values) {
            if (value < 0 || value >= bound) {
                found(what + ' ' + value + " is not between 0 and " + (bound - 1));
                return;
            }
        }
    }

    private void found(String message) {
        if (misfit == null) {
            misfit = message;
        }
    }
}
