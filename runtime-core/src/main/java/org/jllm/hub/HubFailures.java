package org.jllm.hub;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.UnavailableException;
import org.jspecify.annotations.Nullable;

/** What the hub's refusals mean and what a user can do. */
record HubFailures(HubAccess access, InstantSource clock) {
    private static final Set<Integer> TRANSIENT = Set.of(408, 409, 425, 429, 500, 502, 503, 504);

    /**
     * Fails unless the answer has what was asked for.
     *
     * @param what was asked for, as in {@code the hub answers 500 to the request for …}
     * @throws TransientException if it may go well later
     */
    void check(HubResponse response, String what, String repository, String revision) throws TransientException {
        int status = response.status();
        if (status / 100 == 2) {
            return;
        }
        String code = response.first().firstValue("X-Error-Code").orElse(response.header("X-Error-Code"));
        if (TRANSIENT.contains(status)) {
            throw new TransientException(
                    (status == 429 ? "the hub says that there were too many requests" : "the hub answers " + status)
                            + " to the request for " + what,
                    retryAfter(response.header("Retry-After")));
        }
        if (!Origin.of(response.address()).equals(Origin.of(access.endpoint()))) {
            // An address of a storage host holds for a short time only.
            throw new TransientException("the storage host answers " + status + " to the request for " + what, null);
        }
        throw refusal(status, code, what, repository, revision);
    }

    private RuntimeException refusal(int status, String code, String what, String repository, String revision) {
        boolean known = access.token() != null;
        if (code.equals("RevisionNotFound")) {
            return new ModelNotFoundException(repository + " has no revision '" + revision + "': look at "
                    + access.page(repository) + "/tree/main");
        }
        if (code.equals("GatedRepo") || (status == 403 && code.isEmpty())) {
            return new ModelNotFoundException(repository + " is gated: accept its conditions at "
                    + access.page(repository)
                    + (known
                            ? " with the account of your token, and see that the token may read gated repositories; "
                                    + "an author may take a while to approve"
                            : ", then make a token that may read at " + access.endpoint()
                                    + "/settings/tokens and set HF_TOKEN to it (or run 'hf auth login')"));
        }
        if (status == 401 && known && !code.equals("RepoNotFound")) {
            return new ModelNotFoundException("the hub refuses your token: make a new one at " + access.endpoint()
                    + "/settings/tokens and set HF_TOKEN to it (or run 'hf auth login')");
        }
        if (status == 401 || status == 403 || code.equals("RepoNotFound")) {
            return new ModelNotFoundException("there is no repository " + repository + " at " + access.endpoint()
                    + (known
                            ? ", or your token may not see it"
                            : ", or only its members see it: set HF_TOKEN to a token that may read it"));
        }
        if (status == 404) {
            return new ModelNotFoundException(access.endpoint() + " has no " + what);
        }
        return new UnavailableException("the hub answers " + status + " to the request for " + what);
    }

    /** Seconds, or a date. */
    private @Nullable Duration retryAfter(String text) {
        try {
            if (text.matches("\\d{1,9}")) {
                return Duration.ofSeconds(Long.parseLong(text));
            }
            if (!text.isEmpty()) {
                Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                Duration wait = Duration.between(clock.instant(), date);
                return wait.isNegative() ? Duration.ZERO : wait;
            }
        } catch (DateTimeException e) {
            // As if it said nothing.
        }
        return null;
    }
}
